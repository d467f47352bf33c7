import { Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { BytePools } from './byte-pools';
import { MemoryInterceptor } from './memory.interceptor';

@Global()
@Module({
  providers: [BytePools, { provide: APP_INTERCEPTOR, useClass: MemoryInterceptor }],
  exports: [BytePools],
})
export class MemoryModule {}
