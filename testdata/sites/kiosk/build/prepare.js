import words from '../src/words.json'
import { join } from 'node:path'
