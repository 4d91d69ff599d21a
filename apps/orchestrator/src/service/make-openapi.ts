/** Makes the OpenAPI document: swagger prints the schemas of our classes, the contracts say the rest. */
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { API_VERSION, documentedShapes, openApiDocument } from '#contracts';

/** Swagger wants an application to look at; this one has nothing in it. */
@Module({})
class Nothing {}

export async function makeOpenApi(): Promise<Record<string, unknown>> {
  // The factory remembers how the last app wants to fail: without the word here, a fault while the API itself starts would abort it.
  const app = await NestFactory.create(Nothing, new FastifyAdapter(), { logger: false, abortOnError: false });
  try {
    const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').build();
    const { components } = SwaggerModule.createDocument(app, config, { extraModels: [...documentedShapes()] });
    return openApiDocument({ ...components?.schemas }, API_VERSION);
  } finally {
    await app.close();
  }
}
