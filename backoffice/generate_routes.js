// Writes src/api/routes.gen.ts from a server's GET /openapi.json:
//   node generate_routes.js http://127.0.0.1:8420
// tests/browser/typed_client.test.js fails where the two differ, and says so.
import fs from 'node:fs';

export function routesSource(document) {
  const routes = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of Object.keys(methods)) {
      routes.push(`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    }
  }
  const lines = routes.sort().map(route => `  | '${route}'`);
  return `// Made by generate_routes.js from GET /openapi.json. Do not edit.\nexport type Route =\n${lines.join('\n')};\n`;
}

if (import.meta.filename === process.argv[1]) {
  const response = await fetch(`${process.argv[2]}/openapi.json`);
  fs.writeFileSync(new URL('src/api/routes.gen.ts', import.meta.url), routesSource(await response.json()));
}
