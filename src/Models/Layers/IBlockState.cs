using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>
/// What one block of a model keeps of the tokens before, so that the next ones need not begin anew: keys and values, the end of a convolution's input, a
/// recurrent state. A block that is given none sees the tokens of one pass alone.
/// </summary>
public interface IBlockState
{
    /// <summary>Puts what is new behind what was kept.</summary>
    /// <param name="name">What it is: <c>key</c>, <c>value</c>.</param>
    /// <param name="value">What is new.</param>
    /// <param name="dim">The dimension of the tokens.</param>
    /// <returns>All of it, of the state's or of the caller's: to be read, and not to be disposed of.</returns>
    Tensor Extend(string name, Tensor value, int dim);

    /// <summary>What was kept under a name as one value; null at the beginning.</summary>
    Tensor? Get(string name);

    /// <summary>Keeps a copy of a value in the place of an older one.</summary>
    void Set(string name, Tensor value);
}
