using Lanyard.Distributed.Native;

namespace Lanyard.Distributed.Messages;

/// <summary>A message of MPI, which is one of ours or a piece of it.</summary>
internal readonly record struct MpiPiece(bool IsReceived, int Rank, int Tag, int Bytes)
{
    /// <summary>What went wrong with it, if anything did.</summary>
    public MpiException? Failure(MpiStatus status)
    {
        var what = IsReceived ? $"{Bytes:N0} bytes from rank {Rank}, tag {Tag}" : $"{Bytes:N0} bytes to rank {Rank}, tag {Tag}";
        if (status.Error != 0) return MpiLibrary.Failure(IsReceived ? nameof(MpiFunctions.MPI_Irecv) : nameof(MpiFunctions.MPI_Isend), status.Error, what);

        // MPI itself minds what is too long, but not what is too short.
        return IsReceived && status.Bytes != (nuint)Bytes ? new MpiException(nameof(MpiFunctions.MPI_Irecv), 0, $"{what} were expected, and {status.Bytes:N0} came.") : null;
    }
}
