using System.Diagnostics;
using System.Globalization;
using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;

namespace Lanyard.Faults;

/// <summary>Does everything that an engine does with checkpoints, with two weights by turns.</summary>
internal sealed class Worker : IDisposable
{
    private const int ShardBytes = 250_000;
    private readonly WorkerFolder _folder;
    private readonly Llama4Config _config;
    private readonly Llama4ForCausalLM[] _ranks;
    private Llama4ForCausalLM _model;
    private int _side;

    /// <summary>Makes and loads the models, and touches nothing that is written.</summary>
    public Worker(WorkerFolder folder)
    {
        (_folder, _config) = (folder, Llama4Config.Load(folder.Root));
        _model = Loaded(new Llama4ForCausalLM(_config), folder.Source(0));
        _ranks = [.. Enumerable.Range(0, WorkerFolder.Ranks).Select(rank =>
            Loaded(new Llama4ForCausalLM(_config, new Topology(rank, WorkerFolder.Ranks)), folder.Source(0)))];
    }

    /// <summary>What can be run, in the order of a round.</summary>
    public static IReadOnlyList<WorkerPhase> Phases { get; } = [.. Enum.GetValues<WorkerPhase>().Where(phase => phase > WorkerPhase.Start)];

    /// <summary>Loads whatever earlier workers left.</summary>
    public void Start()
    {
        _folder.Phase = WorkerPhase.Start;
        foreach (var path in new[] { _folder.Single, _folder.Sharded, _folder.Mixed, _folder.Merged })
        {
            if (SideOf(path) is not { } side) continue;
            Load(_model, path, RefitMode.InPlace);
            _side = side;
        }
        foreach (var rank in Enumerable.Range(0, WorkerFolder.Ranks).Select(_folder.Rank).Where(Directory.Exists)) Checkpoint.Open(rank).Dispose();
    }

    /// <summary>Runs one phase.</summary>
    /// <returns>How long it took.</returns>
    public TimeSpan Run(WorkerPhase phase)
    {
        // An export always writes the other weights than are there.
        if (phase is WorkerPhase.ExportSingle or WorkerPhase.ExportSharded or WorkerPhase.ExportMixed && SideOf(Target(phase)) == _side)
        {
            _folder.Phase = WorkerPhase.InPlaceRefit;
            Refit(RefitMode.InPlace);
        }

        _folder.Phase = phase;
        var start = Stopwatch.GetTimestamp();
        switch (phase)
        {
            case WorkerPhase.Load:
                _model.Dispose();
                _model = Loaded(new Llama4ForCausalLM(_config), Turn());
                break;
            case WorkerPhase.StagedRefit:
                Refit(RefitMode.Staged);
                break;
            case WorkerPhase.InPlaceRefit:
                Refit(RefitMode.InPlace);
                break;
            case WorkerPhase.ExportSingle:
                Export(_model, _folder.Single, _side, long.MaxValue);
                break;
            case WorkerPhase.ExportSharded:
                Export(_model, _folder.Sharded, _side, ShardBytes);
                break;
            case WorkerPhase.ExportMixed:
                Export(_model, _folder.Mixed, _side, File.Exists(Path.Combine(_folder.Mixed, "model.safetensors")) ? ShardBytes : long.MaxValue);
                break;
            case WorkerPhase.ExportRanks:
                var side = 1 - SideOf(_folder.Merged) ?? 0;
                for (var rank = 0; rank < WorkerFolder.Ranks; rank++)
                {
                    Load(_ranks[rank], _folder.Source(side), RefitMode.InPlace);
                    Export(_ranks[rank], _folder.Rank(rank), side, ShardBytes);
                }
                break;
            case WorkerPhase.Merge:
                CheckpointMerge.Merge([.. Enumerable.Range(0, WorkerFolder.Ranks).Select(_folder.Rank)], _folder.Merged, ShardBytes);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(phase), phase, null);
        }
        return Stopwatch.GetElapsedTime(start);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        foreach (var rank in _ranks) rank.Dispose();
    }

    private static Llama4ForCausalLM Loaded(Llama4ForCausalLM model, string path)
    {
        Load(model, path, RefitMode.InPlace);
        return model;
    }

    private static void Load(Llama4ForCausalLM model, string path, RefitMode mode)
    {
        using var checkpoint = Checkpoint.Open(path);
        LoadPlan.Create(model, checkpoint).Execute(mode: mode);
    }

    // Which weights a folder holds, by its metadata; null where there is none.
    private static int? SideOf(string path)
    {
        if (!Directory.Exists(path)) return null;
        using var checkpoint = Checkpoint.Open(path);
        return int.Parse(checkpoint.Metadata[WorkerFolder.SideKey], CultureInfo.InvariantCulture);
    }

    private static void Export(Llama4ForCausalLM model, string path, int side, long maxFileBytes) => model.Export(path, new ExportOptions
    {
        MaxFileBytes = maxFileBytes,
        Metadata = new Dictionary<string, string> { [WorkerFolder.SideKey] = side.ToString(CultureInfo.InvariantCulture) },
    });

    private string Target(WorkerPhase phase) => phase switch
    {
        WorkerPhase.ExportSingle => _folder.Single,
        WorkerPhase.ExportSharded => _folder.Sharded,
        _ => _folder.Mixed,
    };

    private void Refit(RefitMode mode)
    {
        using var checkpoint = Checkpoint.Open(Turn());
        using var refit = _model.BeginRefit(mode);
        foreach (var tensor in checkpoint.Tensors.Values)
        {
            using var view = checkpoint.View(tensor);
            refit.Write(tensor.Name, view);
        }
        refit.Commit();
    }

    private string Turn() => _folder.Source(_side = 1 - _side);
}
