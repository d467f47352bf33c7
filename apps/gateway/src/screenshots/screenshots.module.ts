import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module';
import { PictureBytes } from './picture-bytes';
import { Pictures } from './pictures';
import { PicturesController } from './pictures.controller';
import { ScreenshotsController } from './screenshots.controller';

@Module({
  imports: [SessionsModule],
  controllers: [ScreenshotsController, PicturesController],
  providers: [Pictures, PictureBytes],
})
export class ScreenshotsModule {}
