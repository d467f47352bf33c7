import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { ModulesContainer } from '@nestjs/core';
import type { Route, TestGateway } from './test-gateway';

/** A route with the method behind it: what its decorators say can be read from both. */
export interface RouteHandler extends Route {
  readonly handler: object;
  readonly controller: object;
}

/** Every route of every controller. */
export function routeHandlersOf({ app }: TestGateway): RouteHandler[] {
  const modules = [...app.get(ModulesContainer).values()];
  const controllers = new Set(modules.flatMap((module) => [...module.controllers.values()]));
  return [...controllers].flatMap(({ metatype }) => (metatype ? handlersOf(metatype) : []));
}

function handlersOf(controller: object & { prototype?: unknown }): RouteHandler[] {
  const prototype = controller.prototype as object;
  const base = String(Reflect.getMetadata(PATH_METADATA, controller) ?? '');
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    if (typeof handler !== 'function') return [];
    const path: unknown = Reflect.getMetadata(PATH_METADATA, handler);
    const method: unknown = Reflect.getMetadata(METHOD_METADATA, handler);
    if (typeof path !== 'string' || typeof method !== 'number') return [];
    return [{ method: RequestMethod[method] ?? '', path: joined(base, path), handler, controller }];
  });
}

function joined(...parts: readonly string[]): string {
  return `/${parts.flatMap((part) => part.split('/').filter((each) => each !== '')).join('/')}`;
}

/** What a decorator said of the route, or of its controller. */
export function said(key: string, { handler, controller }: RouteHandler): unknown {
  return Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
}
