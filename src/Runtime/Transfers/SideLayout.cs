using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Layouts;

namespace Lanyard.Transfers;

/// <summary>One format of one parameter of a kind of module, on all ranks of a side.</summary>
internal sealed class SideLayout
{
    private readonly CheckpointSource[] _sources;
    private readonly ImmutableArray<LayoutTensor> _tensors;
    private ImmutableArray<Holder>[]? _holders;

    /// <param name="number">Its number on its side.</param>
    /// <param name="kind">The kind of module.</param>
    /// <param name="parameter">The parameter, of any module of the kind.</param>
    /// <param name="format">The format.</param>
    public SideLayout(int number, SideKind kind, ModelParameter parameter, ParameterFormat format)
    {
        (Number, Kind, Parameter, Format) = (number, kind, parameter, format.Name);
        _sources = [.. parameter.Bound.Entry.Sources.Where(source => source.Format == format.Name)];
        _tensors = ModelIndex.Resolve(parameter, _sources, kind.Shares[0].Axes).Tensors;
    }

    public int Number { get; }

    public SideKind Kind { get; }

    /// <summary>The parameter of one of the modules.</summary>
    public ModelParameter Parameter { get; }

    public string Format { get; }

    /// <summary>The tensors, those that no rank holds anything of too: their names below the module's own, and whole shapes.</summary>
    public ImmutableArray<LayoutTensor> Tensors => _tensors;

    /// <summary>What the class declares of a tensor.</summary>
    public CheckpointSource SourceOf(int tensor) => _sources[_tensors[tensor].SourceIndex];

    /// <summary>Whether all of its sources declare that elements may be rounded.</summary>
    public bool IsCast => Array.TrueForAll(_sources, source => source.Cast);

    /// <summary>Who holds what of a tensor.</summary>
    public ImmutableArray<Holder> HoldersOf(int tensor) => (_holders ??= Resolve())[tensor];

    /// <summary>Whether the elements of a tensor have the same places in another format of the parameter.</summary>
    public bool IsAlike(int tensor, SideLayout other, int otherTensor)
    {
        var (mine, theirs) = (HoldersOf(tensor), other.HoldersOf(otherTensor));
        return mine.Length == theirs.Length && mine.Zip(theirs).All(pair => pair.First.Regions.Length == pair.Second.Regions.Length && pair.First.Regions.Zip(pair.Second.Regions).All(regions =>
            regions.First.Tensor == regions.Second.Tensor && regions.First.Storage == regions.Second.Storage && regions.First.Loops.AsSpan().SequenceEqual(regions.Second.Loops)));
    }

    /// <summary>How the parameter is stored on all ranks.</summary>
    public TransferStorage Storage()
    {
        var shares = ImmutableSortedDictionary.CreateBuilder<int, TransferShare>();
        var pattern = Pattern.Parse(Parameter.Bound.Storage);
        var map = HeldText.MapOf(pattern, Parameter.Module.Set.Axes, Parameter.Bound.Entry);
        foreach (var share in Kind.Shares)
        {
            var held = new TransferShare(Layout.ShapeOf(pattern, share.Axes), HeldText.Of(pattern, share.Axes, map));
            foreach (var process in share.Processes) shares.Add(process, held);
        }
        return new TransferStorage(Parameter.Bound.Storage, Parameter.Bound.ModelType, shares.ToImmutable());
    }

    private ImmutableArray<Holder>[] Resolve()
    {
        var holders = new List<Holder>[_tensors.Length];
        foreach (var share in Kind.Shares)
        {
            var (plan, next) = (ModelIndex.Resolve(Parameter, _sources, share.Axes), 0);
            for (var tensor = 0; tensor < _tensors.Length; tensor++)
            {
                var slots = plan.SlotsOf(tensor, ref next);
                if (slots.IsEmpty) continue;
                (holders[tensor] ??= []).Add(new Holder(share.Processes, [.. slots.Select(Region.Of)]));
            }
        }
        return [.. holders.Select(list => list is null ? [] : list.ToImmutableArray())];
    }

    /// <summary>Processes that hold the same elements of a tensor in the same places.</summary>
    /// <param name="Processes">The processes.</param>
    /// <param name="Regions">The elements.</param>
    internal sealed record Holder(ImmutableArray<int> Processes, ImmutableArray<Region> Regions);
}
