// The page as static files: build/<preset>/share/patchbay/backoffice, which the binary serves under /backoffice/.
// Each file has a .gz beside it where that is smaller: the binary sends it as it is.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

function packed(): Plugin {
  let folder = '';
  return {
    name: 'packed',
    apply: 'build',
    configResolved: config => {
      folder = config.build.outDir;
    },
    closeBundle: () => {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const file = join(entry.parentPath, entry.name);
        if (entry.isFile() && /\.(js|css|svg)$/.test(entry.name)) {
          const content = readFileSync(file);
          const gz = gzipSync(content, { level: 9 });
          if (gz.length < content.length) {
            writeFileSync(`${file}.gz`, gz);
          }
        }
      }
    },
  };
}

export default defineConfig({
  base: '/backoffice/',
  plugins: [react(), packed()],
  build: {
    outDir: process.env.PATCHBAY_BACKOFFICE_OUT ?? 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The Content-Security-Policy admits no data: scripts or fonts; small pictures may be inlined.
    assetsInlineLimit: 2048,
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { '^/(?!backoffice)': process.env.PATCHBAY_URL ?? 'http://127.0.0.1:8420' } },
});
