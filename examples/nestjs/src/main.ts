// A Nest app that logs its requests and Nest's own lines, to standard output, to a hub where FLYWATCH_URL names one, and live at ws://…/logs.

import 'reflect-metadata';
import { FlywatchLogger, LOGGER, type Logger } from '@flywatch/logger/nestjs';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, { bufferLogs: true });
app.useLogger(app.get(FlywatchLogger));
app.enableShutdownHooks();
await app.listen(Number(process.env.PORT ?? '3000'));
app.get<Logger>(LOGGER).info('listening', { port: app.getHttpServer().address().port });
