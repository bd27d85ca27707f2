using System.Collections.Immutable;
using Lanyard.Layouts;
using Lanyard.Parts;

namespace Lanyard.Index;

/// <summary>Cuts the use of one tensor into those of the shards in which checkpoints have it.</summary>
internal static class JoinedShards
{
    /// <param name="whole">The use of the tensor that the shards are together, which is in no checkpoint.</param>
    /// <param name="rest">What of it the parameter leaves to others.</param>
    /// <param name="axes">The axes of the module.</param>
    /// <param name="tensor">The tensor of a name below the module.</param>
    public static ImmutableArray<TensorUse> Of(TensorUse whole, ImmutableArray<LayoutRest> rest, ImmutableArray<Axis> axes, Func<string, ModelTensor> tensor)
    {
        string[] names = [.. TensorNames.Of(NamePattern.Parse(whole.Source.Name), new AxisTable(axes))];
        if (names.Length == 0) return [];
        var all = TensorPart.Whole(whole.Shape);
        return [.. JoinedRows.Cut(whole.Source.Joined!, whole.Shape[0], names.Length).Select((rows, i) =>
        {
            var part = all.Within([rows.Start, .. whole.Shape.Skip(1).Select(_ => 0L)], whole.Shape.SetItem(0, rows.Count))!;
            return whole.Within(part) with { Tensor = tensor(names[i]), Rows = rows, Rest = [.. rest.SelectMany(left => part.Of(left.Region).Select(region => (left.Elements, TensorPart.BoxOf(region, part.Shape))))] };
        })];
    }
}
