using TorchSharp;

namespace Lanyard;

/// <summary>
/// What is added to a product with a parameter, beside the parameter: <see cref="BoundParameter.Adapter"/>. An adapter sees the input of the product, and what
/// it gives has the shape of the product on this rank. Where ranks divide the inputs, each gives a part of the sum, for the ranks add up the products after that;
/// where they divide the outputs, what the rank has of them.
/// </summary>
public interface IProductAdapter
{
    /// <summary>Computes what is added.</summary>
    /// <param name="input">What is multiplied with the parameter, [... in], of <c>in</c> what the rank holds.</param>
    /// <returns>[... out], of <c>out</c> what the rank holds, in the order of the parameter, of the type of the product; for the caller to dispose.</returns>
    torch.Tensor Apply(torch.Tensor input);
}
