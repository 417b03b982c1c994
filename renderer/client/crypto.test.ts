import { cryptoContract } from '../../common/lib/crypto.contract.ts';
import { nobleCrypto } from './crypto.ts';

cryptoContract('@noble', nobleCrypto);
