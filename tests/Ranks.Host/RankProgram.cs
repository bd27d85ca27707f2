using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Ranks;

/// <summary>A rank: joins, loads what the group has, and refits when it is told to.</summary>
internal sealed class RankProgram(string address, string group, int size, TimeSpan timeout)
{
    private readonly RankModel _model = new();
    private StoppingStore? _store;
    private RefitGroup _group = null!;
    private int _rank;

    /// <summary>Becomes a rank.</summary>
    public void Join(int rank)
    {
        _rank = rank;
        try
        {
            // Its client keeps what it learns of a store that is away.
            _store ??= new StoppingStore(Stores.Open(address));
            _group = RefitGroup.Join(_store, group, rank, size, "step-0");
        }
        catch (DecisionStoreException e)
        {
            Console.WriteLine($"away {e.Message}");
            return;
        }
        _group.Timeout = timeout;
        using (var load = _model.BeginRefit(RefitMode.InPlace, options: new LoadOptions { Version = _group.Version }))
        {
            Write(load, _group.Version);
            load.Commit();
        }
        Console.WriteLine($"joined {State()}");
    }

    /// <summary>Refits: a version, whether it fails, and where to stop.</summary>
    public void Refit(string version, bool fails, string? point)
    {
        var store = _store!;
        store.Point = point;
        try
        {
            using var refit = _group.BeginRefit(_model, version);
            store.Reach("before write");
            Write(refit.Session, version);
            if (fails) refit.Session.Write("layers.0.weight", ones(1));
            store.Reach("before prepare");
            refit.Commit();
            Console.WriteLine($"committed {State()}");
        }
        catch (GroupRefitException e)
        {
            Console.WriteLine($"{(e.IsUndecided ? "undecided" : "abandoned")} {State()} {e.Message}");
        }
        catch (LanyardException e)
        {
            Console.WriteLine($"refused {State()} {e.Message}");
        }
        store.Point = null;
    }

    /// <summary>Asks what was decided.</summary>
    public void Settle()
    {
        try
        {
            _group.Settle();
            Console.WriteLine($"settled {State()}");
        }
        catch (GroupRefitException e)
        {
            Console.WriteLine($"undecided {State()} {e.Message}");
        }
    }

    /// <summary>Says whether the store answers.</summary>
    public void Reach()
    {
        try
        {
            _store!.Find($"{group}/group");
            Console.WriteLine("reached");
        }
        catch (DecisionStoreException e)
        {
            Console.WriteLine($"away {e.Message}");
        }
    }

    /// <summary>The version, and the digest of the weights by which the model answers.</summary>
    public string State()
    {
        using var scope = NewDisposeScope();
        using var reading = _model.Read();
        var weights = _model.Weight;
        if (!weights.transpose(1, 2).Equals(_model.Turned)) return $"{_model.Parameters.Version} mixed";
        return $"{_model.Parameters.Version} {RankWeights.Digest(tensor => weights[tensor].contiguous().data<float>().ToArray())}";
    }

    private void Write(RefitSession session, string version)
    {
        for (var tensor = 0; tensor < RankWeights.Tensors; tensor++)
        {
            using var values = torch.tensor(RankWeights.Of(version, _rank, tensor)).reshape(RankWeights.Rows, RankWeights.Columns);
            session.Write($"layers.{tensor}.weight", values);
        }
    }
}
