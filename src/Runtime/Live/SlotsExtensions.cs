using System.Collections.Immutable;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using Lanyard.Index;
using Lanyard.Live;
using Lanyard.Maps;
using TorchSharp;

namespace Lanyard;

/// <summary>Where checkpoint tensors lie in the memory of a model.</summary>
public static class SlotsExtensions
{
    /// <summary>
    /// For each checkpoint tensor, and each parameter that takes elements of it, the regions of live memory that it fills on this rank: what a transport
    /// needs that writes weights into memory by itself. A tensor whose elements are not in memory as they are stored says why.
    /// </summary>
    /// <remarks>
    /// They hold until memory moves: by a first load whose post-load methods make new values, by <c>to()</c>, and by <c>PlaceExperts</c>. Padding and
    /// parts with a declared constant are in no region. No value is read, so that a model may be in any state.
    /// </remarks>
    /// <param name="model">The module: the root of a model, or a part of it. Names are those below it.</param>
    /// <param name="format">As for <see cref="DescribeExtensions.ExpectedTensors"/>.</param>
    /// <exception cref="ArgumentException">No parameter has the format.</exception>
    /// <exception cref="ModelStateException">A parameter was given other memory behind its property, or was disposed.</exception>
    /// <exception cref="InvalidOperationException">The model's own declarations contradict each other.</exception>
    public static ImmutableArray<TensorSlots> Slots(this IParameterModule model, string? format = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return LiveSlots.Of(ModelIndex.Of(model.Parameters), format);
    }

    /// <summary>Refuses a module of a class without <see cref="ParameterModuleAttribute"/>, when it is compiled.</summary>
    [Obsolete(Unannotated.Message, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    [OverloadResolutionPriority(-1)]
    public static ImmutableArray<TensorSlots> Slots(this torch.nn.Module model, string? format = null) => throw new NotSupportedException(Unannotated.Message);
}
