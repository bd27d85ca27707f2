using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>Copies elements as a plan says, in both directions.</summary>
internal static class Copies
{
    /// <summary>The parameter that a rank holds, from the whole tensors.</summary>
    public static int[] Load(this LayoutPlan plan, IReadOnlyDictionary<string, GoldenTensor> tensors)
    {
        var parameter = new int[plan.Shape.Product()];
        foreach (var slot in plan.Slots)
        {
            var named = plan.Tensors[slot.Tensor];
            Assert.True(tensors.TryGetValue(named.Name, out var tensor), $"There is no tensor {named.Name}.");
            Assert.Equal(tensor!.Shape.AsEnumerable(), named.Shape.AsEnumerable());
            foreach (var (to, from) in slot.Positions())
                parameter[to] = tensor.Bits[from];
        }
        return parameter;
    }

    /// <summary>Writes the parameter back into tensors, and counts how often each of their elements is written.</summary>
    public static void Export(this LayoutPlan plan, int[] parameter, IReadOnlyDictionary<string, (int[] Bits, int[] Writes)> tensors)
    {
        foreach (var slot in plan.Slots)
        {
            var (bits, writes) = tensors[plan.Tensors[slot.Tensor].Name];
            foreach (var (from, to) in slot.Positions())
            {
                bits[to] = parameter[from];
                writes[to]++;
            }
        }
    }

    /// <summary>Tensors of the same shapes in which nothing is written yet.</summary>
    public static Dictionary<string, (int[] Bits, int[] Writes)> Blank(IReadOnlyDictionary<string, GoldenTensor> tensors) =>
        tensors.ToDictionary(pair => pair.Key, pair => (new int[pair.Value.Bits.Length], new int[pair.Value.Bits.Length]));
}
