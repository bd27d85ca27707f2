using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>Something that is done with a value, which may be the tensor of a parameter.</summary>
/// <param name="Effect">What is done.</param>
/// <param name="Value">The value.</param>
/// <param name="Location">What does it.</param>
/// <param name="By">The same in words: <c>"mul_"</c>.</param>
internal sealed record TensorUse(TensorEffect Effect, IOperation Value, Location Location, string By)
{
    /// <summary>How near a value is to what it is done with: a method that is given a tensor may do it with a view.</summary>
    public Way Way { get; init; } = Way.Itself;

    /// <summary>The parameter that keeps the value, where it is one of this body.</summary>
    public IPropertyReferenceOperation? Keeper { get; init; }

    /// <summary>What it is done with: of all that the value may come from, what is near enough.</summary>
    public IEnumerable<Origin> Origins(Trail? trail = null)
    {
        foreach (var origin in ValueFlow.Of(Value, Way, [], trail))
        {
            // A view may take any shape, and has a handle of its own; what may be a copy shares nothing for sure.
            if (Effect switch
            {
                TensorEffect.Write => true,
                TensorEffect.Reshape => origin.Way.Tie >= Tie.Tensor,
                TensorEffect.Dispose or TensorEffect.Move => origin.Way.Tie == Tie.Object,
                _ => !origin.Way.MayCopy,
            }) yield return origin;
        }
    }

    /// <summary>The parameters whose tensors it is done with.</summary>
    public IEnumerable<Origin> Parameters() => Operation.IsNamed(Value) ? [] : Origins().Where(static origin => origin.IsParameter);
}
