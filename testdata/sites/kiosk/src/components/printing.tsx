import { prices } from '../stores/prices'
export default () => <div><img src="/pictures/printer.png" /><img src="/pictures/cutter.png" />{prices}</div>
