// A page under a Content-Security-Policy: imports the entry that its address names, and reports how that ends.
try {
  const { unwrap } = await import(new URLSearchParams(location.search).get('entry'));
  globalThis.report = { unwrapped: unwrap('ZXlKaGJHY2lPaUprYVhJaUxDSmxibU1pT2lKQk1qVTJSME5OSW4wLi5BQUFBLkFBQUEuQUFBQQ==') };
} catch (error) {
  globalThis.report = { refused: { name: error.name, message: error.message } };
}
