using System.Collections.Immutable;
using Lanyard.Memory;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard.Maps;

/// <summary>A value of a parameter with all that is known of it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Form">How it lies in memory.</param>
/// <param name="Makers">The post-load methods that made it out of what was loaded, in the order in which they ran.</param>
/// <param name="ModelType">The element type that loads write.</param>
internal sealed record PendingValue(Parameter Value, TensorForm Form, ImmutableArray<string> Makers, torch.ScalarType ModelType)
{
    /// <summary>Whether a post-load method replaced what was loaded.</summary>
    public bool IsTransformed => !Makers.IsEmpty;

    /// <summary>What a parameter has now.</summary>
    public static PendingValue Live(BoundParameter bound) => new(bound.Held, bound.Form!, bound.Makers, bound.ModelType);
}
