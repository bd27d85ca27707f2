using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Index;

namespace Lanyard.Transfers;

/// <summary>Makes a plan from the maps of both sides. Equal layers are planned once, and no value is looked at.</summary>
internal sealed class TransferBuilder
{
    private readonly List<TransferProblem> _problems = [];
    private readonly Dictionary<string, PlannedGroup> _groups = new(StringComparer.Ordinal);
    private readonly List<PlannedGroup> _ordered = [];
    private readonly TransferSide _sources;
    private readonly TransferSide _targets;
    private readonly LoadOptions _options;
    private int _layouts;
    private int _members;

    private TransferBuilder(TransferSide sources, TransferSide targets, LoadOptions options) => (_sources, _targets, _options) = (sources, targets, options);

    /// <exception cref="TransferException">Lists everything wrong.</exception>
    public static ImmutableArray<TransferGroup> Build(TransferSide sources, TransferSide targets, LoadOptions options) => new TransferBuilder(sources, targets, options).Build();

    private ImmutableArray<TransferGroup> Build()
    {
        var made = new List<IDisposable>();
        try
        {
            var (sources, targets) = (Models(_sources, made), Models(_targets, made));
            Refuse();
            var tensors = new SideTensors(sources, _sources.Format);
            foreach (var model in targets)
            {
                foreach (var (kind, module) in model.Modules)
                {
                    foreach (var parameter in module.Parameters.Where(parameter => parameter.Bound.IsPresent && parameter.Formats.Count > 0)) Match(kind, parameter, model, tensors);
                }
            }
            Refuse();
            var loads = new TransferLoads();
            var bytes = _ordered.Sum(group => group.Members.Count * Elements(group) * CheckpointTypes.FromScalarType(group.Target.Parameter.Bound.ModelType).Size());
            var most = bytes / _sources.Ranks.Length / 8;
            ImmutableArray<TransferGroup> groups = [.. _ordered.Select(group => new TransferGroup([.. group.Members], group.Target.Format, group.Target.Storage(), [.. group.Sources.Select(source => source.Storage())], new GroupRuns(group, loads, most, _problems).Make()))];
            Refuse();
            return groups;
        }
        finally
        {
            made.ForEach(model => model.Dispose());
        }
    }

    private static long Elements(PlannedGroup group)
    {
        var elements = 0L;
        for (var tensor = 0; tensor < group.Target.Tensors.Length; tensor++) elements += group.Target.HoldersOf(tensor).Sum(holder => holder.Processes.Length * holder.Regions.Sum(region => region.Count));
        return elements;
    }

    private ImmutableArray<SideModel> Models(TransferSide side, List<IDisposable> made)
    {
        if (side.Model is { } given) return [new SideModel(given, side.Ranks, side.PlacementOf, _problems)];
        var models = ImmutableArray.CreateBuilder<SideModel>();
        var left = side.Ranks.ToList();
        while (left.Count > 0)
        {
            var first = left[0].Topology;
            var stage = left.FindAll(rank => TransferSide.SameStage(rank.Topology, first));
            left.RemoveAll(stage.Contains);
            var model = side.Make!(first);
            made.Add((IDisposable)model);
            models.Add(new SideModel(model, [.. stage], side.PlacementOf, _problems));
        }
        return models.ToImmutable();
    }

    /// <summary>Finds who has the elements of a target parameter, in the first of its formats that the other side has all of.</summary>
    private void Match(SideKind kind, ModelParameter parameter, SideModel model, SideTensors sources)
    {
        List<TransferProblem>? problems = null;
        var missing = 0;
        var formats = _targets.Format is { } format && parameter.Formats.Exists(declared => declared.Name == format) ? parameter.Formats.FindAll(declared => declared.Name == format) : parameter.Formats;

        // What is stored as it is first: values come, and no codes of them.
        foreach (var declared in formats.OrderBy(declared => parameter.Bound.Entry.Sources.Any(source => source.Format == declared.Name && !TensorEncoding.Of(source).IsPlain)))
        {
            var layout = kind.Layout(parameter, declared, ref _layouts);
            var (homes, faults, found) = (new IReadOnlyList<TensorHome>[layout.Tensors.Length], new List<TransferProblem>(), 0);
            for (var tensor = 0; tensor < homes.Length; tensor++)
            {
                homes[tensor] = [];
                if (layout.HoldersOf(tensor).IsEmpty) continue;
                homes[tensor] = sources.Find(new TensorHome(parameter, layout, tensor), model, out var problem);
                if (problem is null) found++;
                else faults.Add(problem);
            }

            // One that may stay away is on neither side then: the refit writes what is declared for it.
            if (found == 0 && parameter.Bound.Entry.Absent is not null && faults.TrueForAll(fault => fault.Kind == TransferProblemKind.Missing))
            {
                missing++;
                continue;
            }
            if (faults.Count == 0)
            {
                Enter(layout, parameter, homes);
                return;
            }
            if (problems is null || faults.Count < problems.Count) problems = faults;
        }
        if (missing < formats.Count) _problems.AddRange(problems ?? []);
    }

    private void Enter(SideLayout layout, ModelParameter parameter, IReadOnlyList<TensorHome>[] found)
    {
        var members = new List<ModelParameter>();
        var (layouts, tensors) = (new List<SideLayout>(), ImmutableArray.CreateBuilder<ImmutableArray<PlannedGroup.Home>>(found.Length));
        foreach (var homes in found)
        {
            tensors.Add([.. homes.Select(home => new PlannedGroup.Home(SourceOf(home), home.Layout, home.Tensor))]);
        }
        var planned = tensors.MoveToImmutable();
        var key = PlannedGroup.KeyOf(layout, planned);
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups.Add(key, group = new PlannedGroup(layout, planned, [.. layouts]));
            _ordered.Add(group);
        }
        group.Members.Add(new TransferMember(_members++, parameter.Name, [.. members.Select(member => member.Name)]));
        foreach (var (source, member) in layouts.Zip(members))
        {
            var (from, to) = (member.Bound.ModelType, parameter.Bound.ModelType);
            if (ElementTypes.Fits(from, to, _options.AllowNarrowing || layout.IsCast)) continue;
            _problems.Add(new TransferProblem(TransferProblemKind.WrongType, parameter.Name, $"{ElementTypes.Name(to)}, or what loses nothing in it", $"{ElementTypes.Name(from)} ({member.Name} of the source side): elements are rounded where the source has Cast, or the plan is made with LoadOptions.AllowNarrowing"));
        }

        int SourceOf(TensorHome home)
        {
            for (var i = 0; i < members.Count; i++)
            {
                if (members[i] == home.Parameter && layouts[i] == home.Layout) return i;
            }
            members.Add(home.Parameter);
            layouts.Add(home.Layout);
            return members.Count - 1;
        }
    }

    private void Refuse()
    {
        if (_problems.Count > 0) throw new TransferException("The weights cannot be transferred from one side to the other", [.. _problems]);
    }
}
