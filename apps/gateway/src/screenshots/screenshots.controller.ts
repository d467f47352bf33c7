import { Controller, Get, Param } from '@nestjs/common';
import { screenshotListSchema, type ScreenshotList } from '@telltale/contracts';
import { Describes } from '../openapi/describes';
import { SessionDetails } from '../sessions/session-detail';

@Controller('api/sessions/:id/screenshots')
export class ScreenshotsController {
  constructor(private readonly details: SessionDetails) {}

  @Get()
  @Describes({
    summary: "A test run's pictures, in the order they were taken",
    answer: screenshotListSchema,
    notFound: true,
  })
  async list(@Param('id') id: string): Promise<ScreenshotList> {
    return { items: (await this.details.get(id)).screenshots };
  }
}
