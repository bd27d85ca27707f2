using System.Collections.Immutable;
using Lanyard.Layouts;
using Lanyard.Tests.Layouts;
using static TorchSharp.torch;

namespace Lanyard.Tests.Parts;

/// <summary>A random layout on a random rank, with its checkpoint.</summary>
internal sealed class ArrangedScene
{
    private readonly RandomLayout _layout;
    private readonly ImmutableArray<AxisEntry> _entries;
    private readonly Topology _topology;
    private readonly LayoutPlan _plan;
    private readonly bool _isCut;

    private ArrangedScene(RandomLayout layout, ImmutableArray<AxisEntry> entries, Topology topology)
    {
        (_layout, _entries, _topology) = (layout, entries, topology);
        using var model = Model();
        Axes = model.Axes;
        _plan = Layout.Resolve(layout.Parameter, layout.Sources, Axes);
        Whole = ArrangedTensors.Of(layout);
        var slices = ArrangedTensors.Slices(layout, Axes, Whole);
        (Slices, _isCut) = (slices ?? [], slices is null);
    }

    /// <summary>The axes, with what the rank holds.</summary>
    public ImmutableArray<Axis> Axes { get; }

    /// <summary>The tensors of the checkpoint.</summary>
    public Dictionary<string, Tensor> Whole { get; }

    /// <summary>What the rank holds of them.</summary>
    public Dictionary<string, Tensor> Slices { get; }

    /// <summary>A layout on a rank; null where the rank's share would cut a block, or two axes are divided over the same ranks.</summary>
    public static ArrangedScene? Of(RandomLayout layout, Tape tape)
    {
        var (tensors, experts) = (1 + tape.Below(3), 1 + tape.Below(3));
        var listed = tape.Chance(50);
        var entries = layout.Axes.Select(axis => Entry(axis, tape, tensors, listed)).ToImmutableArray();
        var topology = new Topology(tape.Below(tensors), tensors, tape.Below(experts), experts) { ExpertPlacement = listed ? Dealt(layout.Axes, entries, tape, experts) : tape.Chance(50) ? ExpertPlacement.RoundRobin : ExpertPlacement.Linear };
        try
        {
            var scene = new ArrangedScene(layout, entries, topology);
            return scene._isCut ? null : scene;
        }
        catch (LayoutException error)
        {
            Assert.Equal(LayoutErrorKind.CutBlock, error.Error.Kind);
            return null;
        }
        catch (ArgumentException error)
        {
            Assert.Contains("would be on none", error.Message, StringComparison.Ordinal);
            return null;
        }
    }

    /// <summary>A model of the rank, never loaded.</summary>
    public ArrangedParameters Model() => new(_layout, _entries, _topology);

    /// <summary>The positions in the parameter, by the stored element that they hold.</summary>
    public IEnumerable<IGrouping<(string Tensor, long Position), int>> Places() =>
        _plan.Elements().Index().Where(place => place.Item is not null).GroupBy(place => place.Item!.Value, place => place.Index);

    /// <summary>Every position of tensors that holds no element.</summary>
    /// <param name="tensors">Whole tensors, or slices.</param>
    /// <param name="axes">What they have of the axes.</param>
    public IEnumerable<(string Name, int Position)> Padding(Dictionary<string, Tensor> tensors, IEnumerable<Axis> axes)
    {
        var held = ArrangedTensors.InOrder(axes);
        return from tensor in _plan.Tensors
               where tensors.ContainsKey(tensor.Name)
               from position in ArrangedTensors.Padding(_layout.Sources[tensor.SourceIndex], held)
               select (tensor.Name, position);
    }

    /// <summary>How many elements of a chunk the parameter takes, each once, however many places it has.</summary>
    public int Taken(string name, long[] start, long[] shape)
    {
        var whole = Whole[name].shape;
        return _plan.Elements().OfType<(string Tensor, long Position)>().Distinct().Count(element => element.Tensor == name && Inside(element.Position));

        bool Inside(long position)
        {
            for (var d = whole.Length - 1; d >= 0; position /= whole[d--])
            {
                if (position % whole[d] - start[d] is var inside && (inside < 0 || inside >= shape[d])) return false;
            }
            return true;
        }
    }

    public override string ToString() => $"{_layout}; {string.Join(", ", _entries)}; {_topology} {_topology.ExpertPlacement}";

    private static AxisEntry Entry(Axis axis, Tape tape, int ranks, bool listed) => tape.Below(5) switch
    {
        0 or 1 when axis.Size % ranks == 0 => new AxisEntry(axis.Name, Shard.Tensor, false, axis.Labels),
        0 or 1 when ranks % axis.Size == 0 => new AxisEntry(axis.Name, Shard.Tensor, true, axis.Labels),
        0 or 1 => new AxisEntry(axis.Name, Shard.Tensor, false, axis.Labels, ranks * (1 + tape.Below(2))),
        2 or 3 when !listed || axis.Size == 4 => new AxisEntry(axis.Name, Shard.Expert, false, axis.Labels),
        _ => new AxisEntry(axis.Name, Shard.None, false, axis.Labels) { Whole = true },
    };

    /// <summary>Four experts, each dealt to a rank, in a random order.</summary>
    private static ExpertPlacement Dealt(IEnumerable<Axis> axes, ImmutableArray<AxisEntry> entries, Tape tape, int ranks)
    {
        if (entries.All(entry => entry.Shard != Shard.Expert)) return ExpertPlacement.Linear;
        var dealt = tape.Shuffle(Enumerable.Range(0, 4)).Select(expert => (Expert: (long)expert, Rank: tape.Below(ranks))).ToArray();
        return ExpertPlacement.Listed([.. Enumerable.Range(0, ranks).Select(rank => dealt.Where(deal => deal.Rank == rank).Select(deal => deal.Expert).ToImmutableArray())]);
    }
}
