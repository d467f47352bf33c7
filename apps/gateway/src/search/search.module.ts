import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module';
import { SearchController } from './search.controller';
import { SearchPools } from './search-pools';
import { SearchSnippets } from './search-snippets';
import { Searches } from './searches';

@Module({
  imports: [SessionsModule],
  controllers: [SearchController],
  providers: [SearchPools, SearchSnippets, Searches],
})
export class SearchModule {}
