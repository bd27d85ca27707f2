using System.Collections.Immutable;
using Lanyard.Books;
using Lanyard.Index;
using Lanyard.Live;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>Tensors that somebody else writes into live memory while an update in place goes on: announced before, entered when they are there.</summary>
/// <param name="options">What the update may do beside the declared map.</param>
/// <param name="arrivals">What comes.</param>
/// <param name="writer">Counts what is written.</param>
internal sealed class OutsideWrites(LoadOptions options, UpdateArrivals arrivals, SlotWriter writer)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ModelTensor, (string Name, ImmutableArray<ImmutableArray<TensorUse>> Uses)> _announced = [];

    /// <summary>Announces tensors, and returns where they lie. From now on the update is one that has begun.</summary>
    /// <exception cref="LoadException">Some are not in memory, unknown, or announced already; all are listed, and none is announced.</exception>
    public ImmutableArray<TensorSlots> Announce(ReadOnlySpan<string> names)
    {
        lock (_lock)
        {
            var problems = new List<LoadProblem>();
            var found = new Dictionary<ModelTensor, (string Name, ImmutableArray<ImmutableArray<TensorUse>> Uses)>();
            foreach (var name in names)
            {
                if (arrivals.Find(name) is not { } tensor) problems.Add(new LoadProblem(LoadProblemKind.Unexpected, name));
                else if (_announced.ContainsKey(tensor) || found.ContainsKey(tensor)) problems.Add(new LoadProblem(LoadProblemKind.Duplicate, name, Found: "announced before"));
                else if (Uses(tensor, out var fault) is { } uses) found.Add(tensor, (name, uses));
                else problems.Add(new LoadProblem(LoadProblemKind.NotInMemory, name, tensor.Uses.Concat(tensor.Serves).FirstOrDefault()?.Parameter.Name, Found: fault));
            }
            if (problems.Count > 0) throw new LoadException("Nothing was announced: bring with Write what is not in memory.", [.. problems]);

            // Padding that came with a constructor is cleared now, not when all has been written.
            foreach (var use in found.Values.SelectMany(tensor => tensor.Uses).SelectMany(uses => uses).Where(use => !use.Slots.IsEmpty)) writer.TargetOf(use.Parameter);
            foreach (var (tensor, announced) in found) _announced.Add(tensor, announced);
            return [.. found.Values.SelectMany(tensor => tensor.Uses).Select(uses => LiveSlots.Of(uses[0].Parameter, uses))];
        }
    }

    /// <summary>Enters that an announced tensor is there. Returns what is to be looked at again, or null where the books have found something wrong.</summary>
    /// <exception cref="ModelStateException">It was not announced.</exception>
    public PlacedTensor? Written(string name)
    {
        ImmutableArray<ImmutableArray<TensorUse>> groups;
        lock (_lock)
        {
            if (arrivals.Find(name) is not { } tensor || !_announced.Remove(tensor, out var announced)) throw new ModelStateException($"{NameFolding.Shown(name)} was not announced: announce a tensor before anything is written to its memory, and say once that it is there.");
            groups = announced.Uses;
        }

        var first = groups[0][0];
        var arrival = new Arrival(name, first.Stored, first.Parameter.Bound.ModelType) { IsRemembered = false };
        if (arrivals.Admit(arrival) is not { } place) return null;
        foreach (var uses in groups)
        {
            if (ParameterPadding.Fault(uses[0].Parameter, uses[0].Format, uses[0].Parameter.Bound.Held) is { } fault) arrivals.ReportPadding(uses[0], name, fault);
        }
        if (place.Waits)
        {
            // What decides comes later; until then it is kept as it would have come.
            using var value = torch.zeros([.. first.Stored], first.Parameter.Bound.ModelType, device: first.Parameter.Bound.Held.device);
            foreach (var use in groups.SelectMany(uses => uses))
            {
                foreach (var slot in use.Slots) SlotCopy.Read(use.Parameter.Bound.Held, value, slot);
            }
            arrivals.Keep(arrival, value);
            return null;
        }
        writer.Enter(place);
        return place;
    }

    /// <summary>What was announced and is not there.</summary>
    /// <param name="came">Whether a tensor came otherwise.</param>
    public IEnumerable<LoadProblem> Missing(Predicate<ModelTensor> came)
    {
        lock (_lock)
        {
            return
            [
                .. from announced in _announced
                   where !came(announced.Key)
                   select new LoadProblem(LoadProblemKind.Missing, announced.Value.Name, announced.Value.Uses[0][0].Parameter.Name, Found: "announced, and not said to be written"),
            ];
        }
    }

    /// <summary>What the parameters take of a tensor as it lies in memory, parameter by parameter; null where it does not lie there.</summary>
    private ImmutableArray<ImmutableArray<TensorUse>>? Uses(ModelTensor tensor, out string? fault)
    {
        fault = tensor.Uses.Count > 0 ? null : tensor.Serves.Count > 0 ? $"it stands beside {tensor.Serves[0].Tensor.Name}, whose values are decoded" : "other pipeline stages hold it";
        if (fault is not null) return null;
        var groups = ImmutableArray.CreateBuilder<ImmutableArray<TensorUse>>();
        foreach (var parameter in tensor.Uses.GroupBy(use => use.Parameter))
        {
            var formats = parameter.GroupBy(use => use.Format).Select(format => format.ToImmutableArray()).ToList();
            var plain = formats.FindAll(format => format[0].Encoding.IsPlain);
            var chosen = plain.Where(format => format[0].Format.Name == options.Format).Concat(plain).Concat(formats).First();
            fault = LiveSlots.NotInMemory(parameter.Key, chosen[0]);
            if (fault is null && options.Format is null && !plain.TrueForAll(format => AreAlike(format, chosen))) fault = "it lies in other places from format to format: say which with LoadOptions.Format";
            if (fault is not null) return null;
            groups.Add(chosen);
        }
        if (groups.Select(uses => (uses[0].Parameter.Bound.ModelType, Shapes.Text(uses[0].Stored))).Distinct().Count() > 1) fault = $"{string.Join(" and ", groups.Select(uses => $"{uses[0].Parameter.Name} is {uses[0].Parameter.Bound.Form}"))}: nobody converts what is written in memory";
        return fault is null ? groups.ToImmutable() : null;
    }

    private static bool AreAlike(ImmutableArray<TensorUse> left, ImmutableArray<TensorUse> right) =>
        left.Length == right.Length && left.Zip(right).All(pair => pair.First.HasSlotsOf(pair.Second));
}
