// What both tools are set up with.
import { KEY, SECRET } from '../../tests/js/tool/world.mjs';

export const settingsOf = ({ platform, login }) => ({
  platform, key: KEY.privateKey, secret: SECRET, deployment: login.lti_deployment_id ?? login.deployment_id,
});
