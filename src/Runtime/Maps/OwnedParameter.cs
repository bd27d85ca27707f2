using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard.Maps;

/// <summary>A parameter that was made here and knows whose it is.</summary>
/// <param name="data">The tensor, which moves into it.</param>
/// <param name="owner">The parameter of a map that it is the value of.</param>
// A class of its own, since an entry in a table of owners costs 2 us, and nearly all parameters are made here.
internal sealed class OwnedParameter(torch.Tensor data, BoundParameter owner) : Parameter(data, requires_grad: false)
{
    public BoundParameter Owner { get; set; } = owner;

    /// <summary>Whether it was copied into memory that an engine's function made.</summary>
    public bool IsPlaced { get; init; }
}
