namespace Lanyard.Maps;

/// <summary>One run of a post-load method, or of its undo. It is compared by reference: two runs of a method are not the same.</summary>
/// <param name="set">The parameters of the module.</param>
/// <param name="entry">The method.</param>
/// <param name="isUndo">Whether it is its undo that runs.</param>
/// <param name="values">What it reads and assigns, over the live values.</param>
internal sealed class PostLoadRun(ParameterSet set, PostLoadEntry entry, bool isUndo, PendingValues values)
{
    private static readonly AsyncLocal<PostLoadRun?> Runner = new();

    /// <summary>
    /// What runs here: in the thread that calls the method and in those that it starts, and in no other. What it leaves behind, as a task or
    /// a timer, still has it when the method has ended.
    /// </summary>
    public static PostLoadRun? Current
    {
        get => Runner.Value;
        set => Runner.Value = value;
    }

    public ParameterSet Set => set;

    public PostLoadEntry Entry => entry;

    public bool IsUndo => isUndo;

    public PendingValues Values => values;
}
