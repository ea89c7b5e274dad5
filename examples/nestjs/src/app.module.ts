import { labelsFromFly } from '@flywatch/logger';
import { LoggingModule } from '@flywatch/logger/nestjs';
import { Module } from '@nestjs/common';
import { AdminController } from './admin.controller.js';
import { OrdersController } from './orders.controller.js';

@Module({
  imports: [
    LoggingModule.forRootAsync({
      useFactory: () => {
        const { FLYWATCH_URL, FLYWATCH_TOKEN, LOG_TOKEN } = process.env;
        return {
          stdout: true,
          gateway: { token: LOG_TOKEN },
          hub: FLYWATCH_URL
            ? { url: FLYWATCH_URL, token: FLYWATCH_TOKEN, app: 'shop', ...labelsFromFly(process.env) }
            : undefined,
        };
      },
    }),
  ],
  controllers: [OrdersController, AdminController],
})
export class AppModule {}
