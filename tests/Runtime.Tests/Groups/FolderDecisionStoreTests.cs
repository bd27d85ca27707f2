namespace Lanyard.Tests.Groups;

/// <summary>Decisions as files: created once, whole, and an error where the folder is not what it was.</summary>
public sealed class FolderDecisionStoreTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-store-");
    private readonly string _folder;

    public FolderDecisionStoreTests() => Directory.CreateDirectory(_folder = Path.Combine(_directory.FullName, "store"));

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("commit step-120")]
    [InlineData("zwei\nZeilen \ud83d\ude00 \0")]
    public void A_record_comes_back_as_it_was(string record)
    {
        var store = new FolderDecisionStore(_folder);
        Assert.Null(store.Find("engine/1/decision"));
        Assert.Equal(record, store.Create("engine/1/decision", record));
        Assert.Equal(record, store.Create("engine/1/decision", "another"));
        Assert.Equal(record, new FolderDecisionStore(_folder).Find("engine/1/decision"));
        Assert.Null(store.Find("engine/1"));
        Assert.Equal("x", store.Create("engine/1", "x"));
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("/a")]
    [InlineData("a/.b")]
    [InlineData("A")]
    [InlineData("a\\b")]
    [InlineData("a=")]
    public void Names_are_plain(string name)
    {
        var store = new FolderDecisionStore(_folder);
        Assert.Throws<ArgumentException>(() => store.Find(name));
        Assert.Throws<ArgumentException>(() => store.Create(name, "x"));
    }

    [Fact]
    public void A_record_is_text_of_some_length()
    {
        var store = new FolderDecisionStore(_folder);
        Assert.Throws<ArgumentException>(() => store.Create("a", "\ud83d"));
        Assert.Throws<ArgumentException>(() => store.Create("a", new string('x', (64 << 10) + 1)));
        Assert.Null(store.Find("a"));
        Assert.Equal(64 << 10, store.Create("a", new string('x', 64 << 10)).Length);
    }

    [Fact]
    public void Of_many_threads_one_creates_a_record_and_all_see_it()
    {
        const int Threads = 16, Records = 50;
        var seen = new string[Threads, Records];
        using var barrier = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            var store = new FolderDecisionStore(_folder);
            for (var record = 0; record < Records; record++)
            {
                barrier.SignalAndWait(TimeSpan.FromMinutes(1));
                seen[i, record] = store.Create($"race/{record}", $"by {i}");
                if (store.Find($"race/{record}") != seen[i, record]) seen[i, record] = "changed";
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => Assert.True(thread.Join(TimeSpan.FromMinutes(1))));
        for (var record = 0; record < Records; record++)
        {
            var all = Enumerable.Range(0, Threads).Select(i => seen[i, record]).Distinct().ToList();
            Assert.StartsWith("by ", Assert.Single(all), StringComparison.Ordinal);
        }

        // Nothing else is left.
        Assert.Equal(Records + 1, Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void What_killed_writers_leave_is_no_record()
    {
        var store = new FolderDecisionStore(_folder);
        store.Create("engine/1/rank-0", "x");
        File.WriteAllText(Path.Combine(_folder, "engine", "1", $".record.{Guid.NewGuid():N}.tmp"), "half a rec");
        Assert.Null(store.Find("engine/1/decision"));
        Assert.Equal("y", store.Create("engine/1/decision", "y"));
    }

    [Theory]
    [InlineData("missing", "it is not there, or not to be seen by this process.")]
    [InlineData("missing/inner", "it is not there, or not to be seen by this process.")]
    [InlineData("file", "it is a file or a broken link, not a folder.")]
    [InlineData("file/inner", "it is not there, or not to be seen by this process.")]
    [InlineData("link", "it is a file or a broken link, not a folder.")]
    public void What_is_no_folder_is_told_and_not_made(string name, string reason)
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "mine");
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), "link");
        var path = Path.Combine(_folder, name);
        var refused = Assert.Throws<DecisionStoreException>(() => new FolderDecisionStore(path));
        Assert.Equal(path, refused.Store);
        Assert.Equal($"The store of decisions {path}: {reason}", refused.Message);
        Assert.False(Directory.Exists(path));
        Assert.Equal(["file", "link"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order());
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder, "file")));
    }

    [LinuxFact("A folder of the system in which nothing can be made.")]
    public void A_folder_in_which_nobody_can_write_is_told()
    {
        // Not even root can here.
        Assert.StartsWith("The store of decisions /proc/self: ", Assert.Throws<DecisionStoreException>(() => new FolderDecisionStore("/proc/self")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_becomes_a_file_is_told()
    {
        var store = new FolderDecisionStore(_folder);
        store.Create("engine/1/rank-0", "x");
        Directory.Move(_folder, _folder + "-away");
        File.WriteAllText(_folder, "mine");
        Assert.Equal($"The store of decisions {_folder}: it is a file or a broken link, not a folder.", Assert.Throws<DecisionStoreException>(() => store.Find("engine/1/rank-0")).Message);
        Assert.Equal($"The store of decisions {_folder}: it is a file or a broken link, not a folder.", Assert.Throws<DecisionStoreException>(() => store.Create("engine/1/decision", "y")).Message);
        Assert.Equal("mine", File.ReadAllText(_folder));
    }

    [Fact]
    public void What_is_in_the_way_of_a_record_is_told()
    {
        var store = new FolderDecisionStore(_folder);
        File.WriteAllText(Path.Combine(_folder, "engine"), "a file where a folder should be");
        Directory.CreateDirectory(Path.Combine(_folder, "decision="));
        Assert.Contains(_folder, Assert.Throws<DecisionStoreException>(() => store.Create("engine/1/decision", "y")).Message, StringComparison.Ordinal);
        Assert.Contains(_folder, Assert.Throws<DecisionStoreException>(() => store.Create("decision", "y")).Message, StringComparison.Ordinal);
        Assert.Contains(_folder, Assert.Throws<DecisionStoreException>(() => store.Find("decision")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_comes_and_goes_while_records_are_created_is_told_and_keeps_what_was_answered()
    {
        const int Threads = 2;
        var (away, isOver) = (_folder + "-away", false);
        var store = new FolderDecisionStore(_folder);
        var told = new Dictionary<string, string>[Threads];
        var refused = new int[Threads];
        var threads = Enumerable.Range(0, Threads).Select(i => Task.Run(() =>
        {
            told[i] = [];
            for (var record = 0; !Volatile.Read(ref isOver); record++)
            {
                var name = $"engine/{record}/decision";
                try
                {
                    told[i][name] = store.Create(name, $"by {i}");
                    Assert.Equal(told[i][name], store.Find(name));
                }
                catch (DecisionStoreException e)
                {
                    Assert.Contains(_folder, e.Message, StringComparison.Ordinal);
                    refused[i]++;
                }
            }
        })).ToArray();
        for (var time = 0; time < 100; time++)
        {
            Directory.Move(_folder, away);
            Thread.Sleep(2);
            Directory.Move(away, _folder); // fails where somebody has made it anew
            Thread.Sleep(5);
        }
        Volatile.Write(ref isOver, true);
        Assert.True(Task.WaitAll(threads, TimeSpan.FromMinutes(1)));
        Assert.All(refused, count => Assert.NotEqual(0, count));
        Assert.All(told, records => Assert.NotEmpty(records));
        foreach (var (name, record) in told.SelectMany(records => records)) Assert.Equal(record, store.Find(name));
    }

    [Fact]
    public void A_folder_that_was_taken_away_is_not_reached_and_not_made_anew()
    {
        var store = new FolderDecisionStore(_folder);
        store.Create("engine/1/rank-0", "x");
        Directory.Move(_folder, _folder + "-away");
        Assert.Throws<DecisionStoreException>(() => store.Find("engine/1/rank-0"));
        Assert.Throws<DecisionStoreException>(() => store.Find("engine/1/decision"));
        Assert.Contains(_folder, Assert.Throws<DecisionStoreException>(() => store.Create("other/1/decision", "y")).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder));

        // Another one in its place, as where a mount is away, is none.
        Directory.CreateDirectory(_folder);
        Assert.Throws<DecisionStoreException>(() => store.Find("engine/1/decision"));
        Assert.Throws<DecisionStoreException>(() => store.Create("engine/1/decision", "y"));
        _ = new FolderDecisionStore(_folder);
        Assert.Throws<DecisionStoreException>(() => store.Find("engine/1/decision"));
        Directory.Delete(_folder, recursive: true);
        Directory.Move(_folder + "-away", _folder);
        Assert.Equal("x", store.Find("engine/1/rank-0"));
        Assert.Equal("y", store.Create("engine/1/decision", "y"));
    }

    [Fact]
    public void What_is_no_text_is_no_record()
    {
        var store = new FolderDecisionStore(_folder);
        store.Create("a", "x");
        File.WriteAllBytes(Directory.GetFiles(_folder, "a*").Single(), [0xff, 0xfe]);
        Assert.Throws<DecisionStoreException>(() => store.Find("a"));
        Assert.Throws<DecisionStoreException>(() => store.Create("a", "x"));
    }
}
