import { type ModelStub, startModelStub } from './model-stub.ts';
import { Product, type ProductOptions } from './product.ts';

/** The product on a model whose answers the test decides. */
export interface ProductWithModel {
  readonly product: Product;
  readonly model: ModelStub;
  dispose(): Promise<void>;
}

export async function startProductWithModel(options: ProductOptions = {}): Promise<ProductWithModel> {
  const model = await startModelStub();
  try {
    const product = await Product.start({ ...options, env: { ...model.env, ...options.env } });
    const dispose = async () => {
      await product.dispose();
      await model.close();
    };
    return { product, model, dispose };
  } catch (error) {
    await model.close();
    throw error;
  }
}
