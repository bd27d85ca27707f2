using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>Writes out, element by element, what a plan only says in strides.</summary>
internal static class Expansion
{
    /// <summary>For each position of the parameter the tensor and the position that fill it; null for padding.</summary>
    public static (string Tensor, long Position)?[] Elements(this LayoutPlan plan)
    {
        var elements = new (string, long)?[plan.Shape.Product()];
        foreach (var slot in plan.Slots)
        {
            var tensor = plan.Tensors[slot.Tensor];
            foreach (var (parameter, position) in slot.Positions())
            {
                Assert.InRange(position, 0, tensor.Shape.Product() - 1);
                Assert.InRange(parameter, 0, elements.Length - 1);
                Assert.False(elements[parameter].HasValue, $"Position {parameter} is written twice.");
                elements[parameter] = (tensor.Name, position);
            }
        }
        var constants = plan.Constants.SelectMany(constant => constant.Region.Positions()).Select(place => place.Parameter).ToList();
        Assert.Equal(constants.Count, constants.Distinct().Count());
        Assert.All(constants, position => Assert.Null(elements[position]));
        Assert.Equal(plan.PaddedCount, elements.LongCount(e => e is null) - constants.Count);
        return elements;
    }

    /// <summary>The pairs of positions that a slot copies, in the order of its loops.</summary>
    public static IEnumerable<(long Parameter, long Tensor)> Positions(this LayoutSlot slot)
    {
        for (var flat = 0L; flat < slot.Count; flat++)
        {
            var (parameter, tensor, rest) = (slot.ParameterOffset, slot.TensorOffset, flat);
            for (var i = slot.Sizes.Length - 1; i >= 0; i--)
            {
                var (quotient, index) = Math.DivRem(rest, slot.Sizes[i]);
                parameter += index * slot.ParameterStrides[i];
                tensor += index * slot.TensorStrides[i];
                rest = quotient;
            }
            yield return (parameter, tensor);
        }
    }

    public static long Product(this ImmutableArray<long> shape) => shape.Aggregate(1L, (product, extent) => product * extent);
}
