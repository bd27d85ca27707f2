namespace Lanyard;

/// <summary>Open MPI could not do what it was asked, or is not there. What was under way between the ranks is in no known state: end the job.</summary>
public sealed class MpiException : LanyardException
{
    /// <summary>Says what could not be done.</summary>
    /// <param name="operation">The function of MPI, or what was tried.</param>
    /// <param name="code">What the function returned; 0 where none did.</param>
    /// <param name="reason">Why, in the words of the library, with a full stop.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public MpiException(string operation, int code, string reason, Exception? innerException = null)
        : base($"{operation}: {reason}", innerException) => (Operation, Code) = (operation, code);

    /// <summary>The function of MPI, or what was tried.</summary>
    public string Operation { get; }

    /// <summary>What the function returned; 0 where none did.</summary>
    public int Code { get; }
}
