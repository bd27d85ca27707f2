namespace Lanyard.Index;

/// <summary>What a name in a checkpoint stands for.</summary>
/// <param name="Tensor">The tensor; null where there is none, or where ways of naming mean different ones.</param>
/// <param name="Ways">The ways in which it does, as a set of <see cref="NamingWays"/>; of a name that means different ones, all in which it means any.</param>
internal readonly record struct KnownName(ModelTensor? Tensor, ulong Ways)
{
    /// <summary>Whether ways of naming mean different tensors by the name.</summary>
    public bool IsAmbiguous => Tensor is null && Ways != 0;
}
