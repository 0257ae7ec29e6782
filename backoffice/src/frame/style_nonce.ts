// The Content-Security-Policy admits inline <style> elements only with the nonce that the server wrote into this page.
// Mantine takes it from its provider; react-remove-scroll (which dialogs use) through get-nonce's global.
declare global {
  // The name is get-nonce's.
  var __webpack_nonce__: string | undefined;
}

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
globalThis.__webpack_nonce__ = nonce;

export const styleNonce = () => nonce;
