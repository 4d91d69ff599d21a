/** Which methods does a path take? Filled from the routes as they are registered. */
export class AllowedMethods {
  private readonly routes: { readonly segments: readonly string[]; readonly methods: Set<string> }[] = [];
  private readonly byUrl = new Map<string, Set<string>>();

  /** @param url as Fastify has it, such as `/v1/payments/:id` */
  add(method: string | readonly string[], url: string): void {
    let methods = this.byUrl.get(url);
    if (!methods) {
      methods = new Set();
      this.byUrl.set(url, methods);
      this.routes.push({ segments: url.split('/'), methods });
    }
    for (const one of [method].flat()) methods.add(one);
  }

  /** @param target request target, with or without a query. @returns nothing for a path that is no route at all */
  of(target: string): readonly string[] {
    const segments = target.split('?', 1)[0]!.split('/');
    const found = this.routes.filter((route) => matches(route.segments, segments));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  }
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false;
  return pattern.every((part, i) => (part.startsWith(':') ? segments[i] !== '' : part === segments[i]));
}
