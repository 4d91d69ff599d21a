import { Module } from '@nestjs/common';
import { DatabaseService } from './database.service';
import { HealthController } from './health.controller';
import { PaymentsController } from './payments.controller';
import { PaymentsService } from './payments.service';
import { PaymentsQueue } from './payments.queue';

@Module({
  controllers: [HealthController, PaymentsController],
  providers: [DatabaseService, PaymentsQueue, PaymentsService],
})
export class ApiModule {}
