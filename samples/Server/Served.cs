using System.Collections.Concurrent;
using Lanyard.Checkpoints;
using Lanyard.Models.Layers;
using TorchSharp;

namespace Lanyard.Server;

/// <summary>The model that is served, and the refits that trainers have begun.</summary>
internal sealed class Served : IDisposable
{
    private const int MostRestarts = 3;

    private readonly ConcurrentDictionary<int, RefitSession> _refits = [];
    private readonly CausalLM _model;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private LoraAdapter? _adapter;
    private int _count;

    public Served(ICausalLM model, ILogger<Served> logger)
    {
        (_model, _logger) = ((CausalLM)model, logger);
        logger.LogInformation("Serving {Status}", Model.Status());
    }

    public IParameterModule Model => (IParameterModule)_model;

    public void Dispose()
    {
        Detach();
        _model.Dispose();
    }

    public ModelReport Status()
    {
        var status = Model.Status();
        return new ModelReport($"{status.State}", status.IsReady, status.Generation, status.Version, $"{status}");
    }

    /// <summary>
    /// Answers by one version of the weights. A refit waits for a single pass, and an answer that it comes into begins again; one to which that
    /// happens too often keeps the refits waiting.
    /// </summary>
    public Answer Generate(Prompt prompt, CancellationToken stopped)
    {
        for (var restarts = 0; ; restarts++)
        {
            using var whole = restarts < MostRestarts ? null : Model.Read(cancellationToken: stopped);
            var (generation, version) = Now(stopped);
            try
            {
                using var ids = torch.tensor(prompt.Ids, [1, prompt.Ids.Length]);
                using var text = _model.Generate(ids, prompt.NewTokens, generation: generation, cancellationToken: stopped);
                return new Answer(text.data<long>().ToArray(), generation, version, restarts);
            }
            catch (StaleGenerationException)
            {
                // New weights came: what was appended so far is of the old ones.
            }
        }
    }

    public RefitState Begin(NewRefit asked)
    {
        var options = new LoadOptions { By = asked.By, Version = asked.Version, BuildsOn = asked.BuildsOn, Lease = TimeSpan.FromSeconds(asked.LeaseSeconds), AllowNarrowing = true, Logger = _logger };
        var refit = Model.BeginRefit(RefitMode.Staged, asked.BuildsOn is null ? RefitScope.Whole : RefitScope.Subset, options);
        var number = Interlocked.Increment(ref _count);
        _refits[number] = refit;
        return State(number, refit);
    }

    /// <summary>Brings the tensors of a folder; they are not live yet.</summary>
    public RefitState Write(int number, Weights weights)
    {
        var refit = Find(number);
        using var checkpoint = Checkpoint.Open(weights.Folder);
        refit.Write(checkpoint);
        return State(number, refit);
    }

    /// <summary>Makes everything ready, or tells what lacks. Clients are answered by the old weights meanwhile.</summary>
    public RefitState Prepare(int number)
    {
        var refit = Find(number);
        refit.Prepare();
        return State(number, refit);
    }

    public Committed Commit(int number, CancellationToken stopped)
    {
        var refit = Find(number);
        var report = refit.Commit(stopped);
        _refits.TryRemove(number, out _);
        return new Committed(report.Generation, report.Version, $"{report}");
    }

    /// <summary>Gives a refit up: for its trainer, or for another one that has gone.</summary>
    public void End(int number, string? reason)
    {
        if (!_refits.TryRemove(number, out var refit)) return;
        if (reason is not null) foreach (var session in Model.Sessions().Where(session => session.IsUpdate)) session.End(reason);
        refit.Dispose();
    }

    /// <summary>Puts an adapter of low rank beside the model, in the place of one that is there. Answers of the model before begin again.</summary>
    public Adapter Attach(Weights adapter)
    {
        lock (_lock)
        {
            Detach();
            _adapter = Model.AttachLora(adapter.Folder);
            return new Adapter(_adapter.Targets.Count);
        }
    }

    public void Detach()
    {
        lock (_lock)
        {
            _adapter?.Dispose();
            _adapter = null;
        }
    }

    /// <summary>Where the model's tensors lie.</summary>
    public Place[] Slots() => [.. Model.Slots().Select(slots => new Place(slots.Tensor, slots.NotInMemory is null ? [.. slots.Regions.Select(region => $"{region}")] : null, slots.NotInMemory))];

    private (long Generation, string? Version) Now(CancellationToken stopped)
    {
        using var reading = Model.Read(cancellationToken: stopped);
        return (reading.Generation, reading.Version);
    }

    private RefitSession Find(int number) => _refits.TryGetValue(number, out var refit) ? refit : throw new KeyNotFoundException($"There is no refit {number}.");

    private static RefitState State(int number, RefitSession refit)
    {
        var progress = refit.Progress();
        return new RefitState(number, progress.Tensors, [.. NameFolding.Fold(progress.Missing.Select(problem => problem.Tensor))], [.. progress.Problems.Select(problem => $"{problem}")], progress.IsPrepared);
    }
}
