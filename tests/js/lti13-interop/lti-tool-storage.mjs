// What @lti-tool/core's documentation asks a tool to bring, in memory.

export class Storage {
  #clients = [];
  #launchConfigs = new Map();
  #sessions = new Map();
  #nonces = new Map();
  #registrations = new Map();

  async addClient(client) {
    return String(this.#clients.push(client) - 1);
  }

  async listClients() {
    return this.#clients.map((client, id) => ({ ...client, id: String(id) }));
  }

  async addDeployment(client, { deploymentId }) {
    const { name, ...config } = this.#clients[client];
    await this.saveLaunchConfig({ ...config, deploymentId });
    return deploymentId;
  }

  async getLaunchConfig(...names) {
    return this.#launchConfigs.get(names.join(' '));
  }

  async saveLaunchConfig(config) {
    this.#launchConfigs.set([config.iss, config.clientId, config.deploymentId].join(' '), config);
  }

  async addSession(session) {
    this.#sessions.set(session.id, session);
    return session.id;
  }

  async getSession(id) {
    return this.#sessions.get(id);
  }

  async storeNonce(nonce, expiresAt) {
    this.#nonces.set(nonce, expiresAt);
  }

  async validateNonce(nonce) {
    const expiresAt = this.#nonces.get(nonce);
    this.#nonces.delete(nonce);
    return expiresAt !== undefined && expiresAt > new Date();
  }

  async setRegistrationSession(id, session) {
    this.#registrations.set(id, session);
  }

  async getRegistrationSession(id) {
    return this.#registrations.get(id);
  }

  async deleteRegistrationSession(id) {
    this.#registrations.delete(id);
  }
}
