namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>What is done with a tensor, besides reading it.</summary>
internal enum TensorEffect
{
    /// <summary>Its memory is written.</summary>
    Write,

    /// <summary>It gets another shape, or other memory.</summary>
    Reshape,

    /// <summary>It is disposed, or moved to another scope.</summary>
    Dispose,

    /// <summary>Its handle goes to another object.</summary>
    Move,

    /// <summary>It becomes the value of a parameter.</summary>
    Keep,
}
