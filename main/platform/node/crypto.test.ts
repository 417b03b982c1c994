import { cryptoContract } from '../../../common/lib/crypto.contract.ts';
import { nodeCrypto } from './crypto.ts';

cryptoContract('node:crypto', nodeCrypto);
