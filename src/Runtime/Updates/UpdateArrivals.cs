using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lanyard.Books;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>What comes in an update, from any thread: it is entered in the books, looked at before it is read, and kept while it waits for others.</summary>
/// <param name="index">The model.</param>
/// <param name="account">The books.</param>
/// <param name="memory">The memory that the update writes before it ends; null where it writes none.</param>
internal sealed class UpdateArrivals(ModelIndex index, LoadAccount account, LiveMemory? memory) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TiedDigests _ties = new();
    private readonly WaitingTensors _waiting = new();

    /// <summary>The slots that are to be written.</summary>
    public int Slots { get; private set; }

    /// <summary>Whether any tensor has two names.</summary>
    public bool HasTied => index.HasTied;

    /// <summary>How many tensors came.</summary>
    public int Came
    {
        get
        {
            lock (_lock) return account.Tensors;
        }
    }

    /// <summary>What is wrong, and what lacks.</summary>
    /// <param name="padding">Padding that is not zero, found since this was asked last.</param>
    /// <param name="needs">What must come.</param>
    /// <param name="outside">What somebody else writes, or null.</param>
    public ImmutableArray<LoadProblem> Problems(ConcurrentQueue<(TensorUse Use, string Found)> padding, UpdateNeeds needs, OutsideWrites? outside)
    {
        lock (_lock)
        {
            while (padding.TryDequeue(out var wrong)) account.ReportPadding(wrong.Use, wrong.Use.Tensor.Name, wrong.Found);
            var missing = needs.Missing().ToList();
            return account.Problems(missing.Concat(outside?.Missing(account.IsWhole).Where(problem => !missing.Exists(listed => listed.Tensor == problem.Tensor)) ?? []));
        }
    }

    /// <summary>Where what comes is from.</summary>
    public ArrivedFrom From => account.From;

    /// <summary>Enters a tensor in the books; null where nothing is to be written.</summary>
    public PlacedTensor? Admit(Arrival arrival)
    {
        lock (_lock)
        {
            var place = account.Admit(arrival);
            Slots += place?.Slots ?? 0;
            EnterDecided();
            return place;
        }
    }

    /// <inheritdoc cref="LoadAccount.AdmitWhole"/>
    public void AdmitWhole(ModelParameter parameter, ParameterFormat format)
    {
        lock (_lock)
        {
            account.AdmitWhole(parameter, format);
            Slots += format.Uses.Sum(use => use.Slots.Length);
        }
    }

    /// <summary>Keeps a tensor that waits for those that decide in what format it is.</summary>
    /// <param name="arrival">How it came.</param>
    /// <param name="value">The tensor; the caller's.</param>
    /// <param name="lasting">Whether it never changes.</param>
    public void Keep(Arrival arrival, torch.Tensor value, bool lasting = false) => _waiting.Keep(arrival, value, lasting);

    /// <summary>Enters that no more will come, so that what waits is decided, or wrong.</summary>
    public void Close()
    {
        lock (_lock)
        {
            account.Close();
            EnterDecided();
        }
    }

    /// <summary>What was decided of tensors that the caller holds.</summary>
    /// <param name="held">Whether it holds one.</param>
    public List<(Arrival Arrival, PlacedTensor Place)> TakeDecided(Predicate<Arrival> held) => _waiting.Take(held);

    /// <summary>What was decided of tensors that are kept, with these; the caller's to dispose.</summary>
    public List<(Arrival Arrival, PlacedTensor Place, torch.Tensor Value)> TakeKept() => _waiting.Take();

    /// <summary>How a tensor came that was put together from its chunks.</summary>
    public Arrival Assembled(ModelTensor tensor)
    {
        lock (_lock) return account.Assembled(tensor);
    }

    /// <inheritdoc cref="LoadAccount.AdmitPatch"/>
    public PlacedTensor? AdmitPatch(string name, torch.ScalarType type, Func<ModelTensor, long, string?> wrong)
    {
        lock (_lock)
        {
            account.From.EnterWritten();
            var place = account.AdmitPatch(name, type, wrong);
            Slots += place?.Slots ?? 0;
            return place;
        }
    }

    /// <summary>
    /// Whether a given tensor can be read whatever else is written. In place it cannot where it lies in the memory of a parameter: another
    /// tensor may have been written there before, or is being written now. It is reported then.
    /// </summary>
    /// <param name="place">Where its elements go.</param>
    /// <param name="name">The name that it came under.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="address">The address from which its elements can be reached, in order, or zero.</param>
    /// <param name="bytes">The bytes that they take.</param>
    public bool IsApart(PlacedTensor place, string name, torch.Tensor tensor, nint address, long bytes)
    {
        if (memory is null) return true;
        var form = address == 0 ? TensorForm.Of(tensor) : null;
        var (begin, end) = form is null ? (address, address + (nint)bytes) : (form.Address, form.End);
        foreach (var (parameter, live) in memory.Around(begin, end))
        {
            if (IsReadFirst(parameter) || CommonElements.Any(form ??= TensorForm.Of(tensor), live) == false) continue;
            lock (_lock) account.ReportLive(place, name, parameter);
            return false;
        }
        return true;

        // Nothing else goes there, and what is written there is copied first.
        bool IsReadFirst(ModelParameter parameter) =>
            place.Uses is [var only] && only.Parameter == parameter && only.Elements == only.Format.Elements && !parameter.Bound.HasForeignPadding;
    }

    /// <summary>Whether what comes of a tensor is zero wherever no parameter has its elements; else it is reported.</summary>
    /// <param name="place">Where its elements go.</param>
    /// <param name="arrival">How it comes.</param>
    /// <param name="source">Where it is.</param>
    /// <param name="stored">What comes of the source, to be disposed; of blocks, their bytes.</param>
    public bool HasZeroPadding<T>(PlacedTensor place, Arrival arrival, T source, Func<T, torch.Tensor> stored)
    {
        // A slice may have padding where the whole has none.
        if (!(place.HasPadding || arrival.IsSlice) || PaddedElements.NonZero(place, arrival, index, source, stored) is not { } wrong) return true;
        lock (_lock) account.ReportPadding(wrong.Use, arrival.Name, wrong.Found);
        return false;
    }

    /// <inheritdoc cref="LoadAccount.ReportMemoryPadding"/>
    public void ReportPadding(TensorUse use, string name, string found)
    {
        lock (_lock) account.ReportMemoryPadding(use, name, found);
    }

    /// <summary>The tensor that comes under a name; null where the model knows none.</summary>
    public ModelTensor? Find(string name) => account.Find(name);

    /// <summary>The tensor of a name, where it has several, being tied or named in conventions, and this process takes it.</summary>
    public ModelTensor? Tied(string name) => HasTied && Find(name) is { HasSeveralNames: true } tensor && tensor.Uses.Count + tensor.Serves.Count > 0 ? tensor : null;

    /// <summary>Says which names come together, before the first does.</summary>
    /// <returns>Those whose tensors are remembered, to be compared with what comes under another name of them; null for all.</returns>
    public HashSet<string>? Expect(IEnumerable<string> names)
    {
        // A name means one thing then.
        if (!index.Ways.AreSeveral) return null;
        string[] all = [.. names];
        lock (_lock) account.Expect(all);

        // Of conventions nearly always one comes: to read everything twice for another would cost more than to refuse it.
        var tied = all.GroupBy(Tied).Where(tensor => tensor.Key is { } key && (!key.Aliases.IsEmpty || tensor.Count() > 1 || account.Came(key)));
        return tied.SelectMany(tensor => tensor).ToHashSet(StringComparer.Ordinal);
    }

    /// <inheritdoc cref="CheckpointPart.ArrivalOf"/>
    public Arrival ArrivalOf(CheckpointPart part, Checkpoints.CheckpointTensor stored, HashSet<string>? remembered) => part.ArrivalOf(stored, index, Find, remembered);

    /// <summary>Cuts stored shards as the model has them.</summary>
    public void Cut(CheckpointPart part) => part.Cut(index, Find);

    /// <summary>Compares a tied tensor with what came under its other name.</summary>
    public void CompareTied(ModelTensor tensor, torch.Tensor value, StoredType type, string place = "")
    {
        if (_ties.Agrees(tensor, place, value, type)) return;
        lock (_lock) account.ReportTied(tensor);
    }

    public void Dispose() => _waiting.Dispose();

    private void EnterDecided()
    {
        if (!account.HasDecided) return;
        var decided = account.TakeDecided();
        Slots += decided.Sum(tensor => tensor.Place.Slots);
        _waiting.Enter(decided);
    }
}
