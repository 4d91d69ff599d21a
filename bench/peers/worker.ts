/** The worker: takes jobs one by one, charges the bank, and writes down what came of it. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BankClient } from './bank.client';
import { DatabaseService } from './database.service';
import { PaymentsProcessor } from './payments.processor';

@Module({ providers: [DatabaseService, BankClient, PaymentsProcessor] })
class WorkerModule {}

async function bootstrap(): Promise<void> {
  const app = await NestFactory.createApplicationContext(WorkerModule, { logger: ['error'] });
  app.enableShutdownHooks();
}

void bootstrap();
