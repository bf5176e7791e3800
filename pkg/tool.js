// An LTI 1.3 tool as one fetch handler, and the stores that its machines share.
export { createTool } from './tool/create.js';
export { memoryStore } from './tool/stores/memory.js';
export { TokensDurableObject, durableObjectStore } from './tool/stores/durable.js';
export { redisStore } from './tool/stores/redis.js';
export { unstorageStore } from './tool/stores/unstorage.js';
