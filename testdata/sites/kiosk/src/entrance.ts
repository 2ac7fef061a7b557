import Counter from './components/Counter.vue'
import Receipt from '@/components/Receipt.vue'
import { basket } from 'stores/basket'
import { prices } from '@/stores/prices'
import translate from './translate.js'
import './kiosk.css'
export type { Article } from './stores/article'
const printing = () => import('./components/printing')
export const worker = new Worker(new URL('./workers/scanner.js', import.meta.url))
export { Counter, Receipt, basket, prices, translate, printing }
