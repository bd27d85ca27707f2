using System.Runtime.InteropServices;
using Lanyard.Transfers;

namespace Lanyard;

/// <summary>
/// What a process received of others, kept beside its model, which is as before: for where the model itself must change first, as when experts are placed anew. Holds native
/// memory, as much as came.
/// </summary>
public sealed unsafe class ReceivedTransfer : IDisposable
{
    private readonly TransferPlan _plan;
    private readonly int _process;
    private readonly ParameterSet? _source;
    private readonly string? _version;
    private readonly List<(TransferPiece Piece, nint Chunk)> _pieces = [];
    private readonly List<nint> _chunks = [];

    internal ReceivedTransfer(TransferPlan plan, int process, IParameterModule? source) =>
        (_plan, _process, _source, _version) = (plan, process, source?.Parameters, source?.Parameters.Version);

    /// <summary>The bytes that came.</summary>
    public long Bytes { get; private set; }

    /// <summary>Frees memory that was forgotten.</summary>
    ~ReceivedTransfer() => Free();

    /// <summary>
    /// Writes what came into an in-place session of the model, whose experts lie as the plan's targets have them by now: those that stayed on the rank are there, and
    /// keep their places. Commit or dispose of the session afterwards.
    /// </summary>
    /// <param name="session">A session in place and of a subset (<see cref="RefitScope.Subset"/>).</param>
    /// <exception cref="TransferException">The model is not what the plan was made for.</exception>
    /// <exception cref="ModelStateException">The session is a staged one, has ended, or is prepared; or it is of another model than that in which elements stayed, or that was refitted since.</exception>
    public void WriteTo(RefitSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        ObjectDisposedException.ThrowIf(_chunks.Count == 0 && Bytes > 0, this);
        if (session.Update.Outside is null) throw new ModelStateException("What stayed on the rank is in the live parameters, and a staged refit has others until its commit: begin one in place.");
        if (_plan.Groups.Any(group => group.Runs.Any(run => run.Source == _process && run.Target == _process)))
        {
            if (session.Index.Root != _source) throw new ModelStateException("By the plan some elements stayed in the model that was given to Receive, and this is a session of another: run the plan with a session instead.");
            if (_source.Version != _version) throw new ModelStateException($"The model has weights of {(_source.Version is { } version ? $"version {version}" : "no version")} by now, and what was received belongs to those of {(_version is null ? "none" : _version)}: receive again.");
        }
        var names = _pieces.Select(piece => piece.Piece.Unit.Member.Target).ToHashSet(StringComparer.Ordinal);
        using var targets = new TargetValues(session, _plan, _process, unit => names.Contains(unit.Member.Target));
        foreach (var (piece, chunk) in _pieces)
        {
            var target = targets.Of(piece.Unit.Member.Target);
            if (target.IsShadow) throw new ModelStateException($"{piece.Unit.Member.Target} is what a post-load method made of it, so that what stayed on the rank is not where the plan has it: place the experts first.");
            piece.Unpack(target.Value, target.Address, chunk);
        }
        targets.End();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Keeps a piece.</summary>
    internal void Keep(TransferPiece piece, nint chunk)
    {
        var memory = (nint)NativeMemory.AlignedAlloc((nuint)piece.Bytes, 64);
        Buffer.MemoryCopy((void*)(chunk + (nint)piece.Position), (void*)memory, piece.Bytes, piece.Bytes);
        _chunks.Add(memory);
        _pieces.Add((piece with { Position = 0 }, memory));
        Bytes += piece.Bytes;
    }

    private void Free()
    {
        foreach (var chunk in _chunks) NativeMemory.AlignedFree((void*)chunk);
        _chunks.Clear();
    }
}
