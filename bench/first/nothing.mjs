// What Node alone takes.
console.log('');
