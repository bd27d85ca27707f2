using Lanyard.Distributed.Native;

namespace Lanyard.Distributed.Messages;

/// <summary>Some processes of the job, numbered among themselves: what is said within it meets nothing else.</summary>
internal sealed unsafe class Communicator : IDisposable
{
    // MPI_UNDEFINED: a process of no part.
    private const int NoPart = -32766;

    private nint _handle;

    private Communicator(nint handle)
    {
        _handle = handle;
        int rank = 0, size = 0;
        MpiLibrary.Check(MpiFunctions.MPI_Comm_rank(handle, &rank));
        MpiLibrary.Check(MpiFunctions.MPI_Comm_size(handle, &size));
        (Rank, Size) = (rank, size);
    }

    /// <summary>The number of this process.</summary>
    public int Rank { get; }

    /// <summary>How many processes there are.</summary>
    public int Size { get; }

    /// <summary>What the library calls it.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>All processes of the job, apart from what others of this process may say with MPI.</summary>
    public static Communicator OfWorld()
    {
        MpiLibrary.Check(MpiFunctions.MPI_Comm_set_errhandler(MpiLibrary.World, MpiLibrary.ReturnErrors));
        return Part(MpiLibrary.World, 0, 0)!;
    }

    /// <summary>The processes that give one number, in the order of their ranks here; null where a process gives none. All of them call it.</summary>
    public Communicator? Split(int? part) => Part(Handle, part ?? NoPart, Rank);

    /// <summary>Gives every process what all give, in their order, as many bytes each. It returns when all have come.</summary>
    public byte[] AllGather(ReadOnlySpan<byte> given)
    {
        var all = new byte[given.Length * Size];
        fixed (byte* from = given, to = all) MpiLibrary.Check(MpiFunctions.MPI_Allgather(from, given.Length, MpiLibrary.Byte, to, given.Length, MpiLibrary.Byte, Handle));
        return all;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, 0) is not 0 and var handle) MpiLibrary.Check(MpiFunctions.MPI_Comm_free(&handle));
    }

    private static Communicator? Part(nint whole, int part, int key)
    {
        nint handle = 0;
        MpiLibrary.Check(MpiFunctions.MPI_Comm_split(whole, part, key, &handle));
        return handle == MpiLibrary.NoCommunicator ? null : new Communicator(handle);
    }
}
