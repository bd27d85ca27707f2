namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>How near a value is to what it comes from.</summary>
internal enum Tie
{
    /// <summary>It looks at some of the memory.</summary>
    Part,

    /// <summary>It is a tensor of its own over the same memory.</summary>
    Memory,

    /// <summary>It is another handle of the same tensor: where one gets another shape, both do.</summary>
    Tensor,

    /// <summary>It is the same object.</summary>
    Object,
}
