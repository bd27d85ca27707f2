using System.Collections.Immutable;
using Lanyard.Layouts;
using Lanyard.Tests.Layouts;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Parts;

/// <summary>The checkpoint of a <see cref="RandomLayout"/>: every element of every tensor has a value of its own, and padding is zero. What a rank holds is found element by element.</summary>
internal static class ArrangedTensors
{
    /// <summary>The whole tensors, by name.</summary>
    public static Dictionary<string, Tensor> Of(RandomLayout layout)
    {
        ImmutableArray<Axis> whole = [.. layout.Axes.Select(axis => axis with { Held = AxisShare.All })];
        var (tensors, next) = (new Dictionary<string, Tensor>(), 1L);
        foreach (var tensor in Layout.Resolve(layout.Parameter, layout.Sources, whole).Tensors)
        {
            var count = tensor.Shape.Product();
            var values = Enumerable.Range(0, (int)count).Select(i => (float)(next + i)).ToArray();
            foreach (var position in Padding(layout.Sources[tensor.SourceIndex], whole)) values[position] = 0;
            tensors.Add(tensor.Name, torch.tensor(values).reshape([.. tensor.Shape]));
            next += count;
        }
        return tensors;
    }

    /// <summary>The positions of a source's tensors that hold no element.</summary>
    /// <param name="source">The source.</param>
    /// <param name="axes">The axes; what is held of them is what the tensor has.</param>
    public static IEnumerable<int> Padding(LayoutSource source, ImmutableArray<Axis> axes) =>
        new BruteForce(axes).Resolve(source.Pattern, [source with { Name = "t", Part = null, Repeat = null }]) is var (_, elements) ? elements.Index().Where(element => element.Item is null).Select(element => element.Index) : [];

    /// <summary>What a rank holds of them: of each axis the indices that it holds, ascending; without the tensors of which it holds nothing. Null where that cuts a block, so that there is no slice.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="axes">The axes, with what the rank holds.</param>
    /// <param name="tensors">The whole tensors.</param>
    public static Dictionary<string, Tensor>? Slices(RandomLayout layout, ImmutableArray<Axis> axes, Dictionary<string, Tensor> tensors)
    {
        var held = InOrder(axes);
        var slices = new Dictionary<string, Tensor>();
        foreach (var source in layout.Sources)
        {
            if (new BruteForce(held).Resolve(source.Pattern, [source with { Name = "t", Part = null, Repeat = null }]) is not var (shape, elements)) return null;
            foreach (var name in Held(source, held))
            {
                var flat = tensors[name].flatten().data<float>().ToArray();
                slices.Add(name, tensor(elements.Select(element => element is { } from ? flat[from.Position] : 0).ToArray()).reshape([.. shape]));
            }
        }
        return slices;
    }

    /// <summary>The axes as a slice has them: what is held, ascending and without padding.</summary>
    public static ImmutableArray<Axis> InOrder(IEnumerable<Axis> axes) =>
        [.. axes.Select(axis => axis with { Held = AxisShare.List([.. axis.Held.Runs(axis.Size).SelectMany(run => Enumerable.Range(0, (int)run.Count).Select(i => run.Start + (i * run.Step))).Order()]) })];

    /// <summary>The names of a source's tensors in which the rank holds an element.</summary>
    private static HashSet<string> Held(LayoutSource source, ImmutableArray<Axis> held)
    {
        var name = NamePattern.Parse(source.Name);
        var all = string.Join(' ', [.. name.Holes.Select(hole => hole.Composition.ToString()), source.Repeat ?? "", source.Pattern]);
        return new BruteForce(held).Resolve(all, [source with { Part = null }])!.Value.Elements.OfType<(string Tensor, long)>().Select(element => element.Tensor).ToHashSet();
    }
}
