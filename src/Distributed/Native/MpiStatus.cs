using System.Runtime.InteropServices;

namespace Lanyard.Distributed.Native;

/// <summary>How a message went, as Open MPI 4 and 5 lay it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MpiStatus
{
    public int Source;
    public int Tag;
    public int Error;
    public int IsCancelled;
    public nuint Bytes;
}
