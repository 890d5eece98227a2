//! Whole trees.

use super::*;

fn sample() -> Tree {
    let mut tree = Tree::default();
    for (path, leaf) in [
        ("etc/motd", Tree::File(b"hi".to_vec())),
        ("empty", Tree::default()),
        ("etc/link", Tree::Symlink("motd".into())),
        ("/bin", Tree::File(vec![0, 255])),
    ] {
        tree.insert(path, leaf).unwrap();
    }
    tree
}

#[test]
fn what_is_put_in_is_read_back() {
    let mut disk = Disk::new();
    let root = disk.base.directory;
    disk.fs.add_tree(root, sample(), disk.now).unwrap();
    assert_eq!(disk.fs.tree(root), Ok(sample()));
    assert_eq!(
        disk.paths(),
        ["bin", "empty", "etc", "etc/link", "etc/motd"]
    );
    let motd = disk.fs.inode_at(root, "/etc/motd").unwrap();
    assert_eq!(disk.fs.contents(motd).unwrap(), b"hi");
    assert_eq!(disk.fs.inode_at(root, "/"), Ok(root));
}

#[test]
fn adding_merges_directories_and_replaces_the_rest() {
    let mut disk = Disk::with(&[("etc/old", "o"), ("etc/motd/x", "y"), ("bin", "b")]);
    let root = disk.base.directory;
    disk.fs.add_tree(root, sample(), disk.now).unwrap();
    assert_eq!(
        disk.paths(),
        ["bin", "empty", "etc", "etc/link", "etc/motd", "etc/old"]
    );
    assert_eq!(disk.text("etc/motd").unwrap(), "hi");
    assert_eq!(disk.fs.usage().inodes, 7, "what was replaced is freed");
}

#[test]
fn a_tree_is_detached_with_all_that_is_in_it() {
    let mut disk = Disk::new();
    let before = disk.fs.usage();
    let root = disk.base.directory;
    let mut tree = Tree::default();
    tree.insert("all", sample()).unwrap();
    disk.fs.add_tree(root, tree, disk.now).unwrap();
    let name = Name::new("all").unwrap();
    disk.fs.detach_tree(root, &name, disk.now).unwrap();
    assert_eq!(disk.fs.usage(), before);
    let again = disk.fs.detach_tree(root, &name, disk.now);
    assert_eq!(again, Err(Error::NotFound));
}

#[test]
fn trees_have_paths_that_lead_somewhere() {
    let mut tree = sample();
    for (path, error) in [
        ("", Error::NotFound),
        ("/", Error::NotFound),
        (".", Error::Invalid),
        ("a/../b", Error::Invalid),
        ("bin/x", Error::NotDirectory),
        ("a\0", Error::Invalid),
    ] {
        assert_eq!(tree.insert(path, Tree::default()), Err(error), "{path}");
    }
    assert_eq!(tree, sample());
}

#[test]
fn no_depth_of_directories_exhausts_the_stack() {
    let mut disk = Disk::new();
    let root = disk.base.directory;
    let mut here = disk.base;
    for _ in 0..20_000 {
        disk.fs.create_directory(here, "d", disk.now).unwrap();
        here.directory = disk.fs.stat(here, "d", Follow::No).unwrap().inode;
    }
    assert_eq!(disk.paths().len(), TREE_DEPTH_MAX);
    assert!(disk.fs.tree(root).is_ok());
    assert_eq!(disk.rename("d", "e"), Ok(()));
    let name = Name::new("e").unwrap();
    disk.fs.detach_tree(root, &name, disk.now).unwrap();
    assert_eq!(disk.fs.usage().inodes, 1);
}

#[test]
fn a_file_of_holes_is_not_read_into_memory() {
    let mut disk = Disk::new();
    let file = disk.create("file");
    disk.fs.set_size(file, 1 << 33, disk.now).unwrap();
    assert_eq!(disk.fs.contents(file), Err(Error::FileTooLarge));
    let tree = disk.fs.tree(disk.base.directory).unwrap();
    let mut expected = Tree::default();
    expected
        .insert("file", Tree::TooLarge { size: 1 << 33 })
        .unwrap();
    assert_eq!(tree, expected);
}

#[test]
fn no_length_of_paths_exhausts_memory() {
    let mut disk = Disk::new();
    let mut here = disk.base;
    let long = "n".repeat(255);
    for _ in 0..400 {
        disk.fs.create_directory(here, &long, disk.now).unwrap();
        here.directory = disk.fs.stat(here, &long, Follow::No).unwrap().inode;
    }
    let paths = disk.paths();
    assert_eq!(paths.len(), 16);
    assert!(paths.iter().all(|path| path.len() <= PATH_MAX));
    assert!(disk.fs.tree(disk.base.directory).is_ok());

    here = disk.base;
    for _ in 0..15 {
        here.directory = disk.fs.stat(here, &long, Follow::No).unwrap().inode;
    }
    for n in 0..20_000 {
        disk.fs
            .create_directory(here, &n.to_string(), disk.now)
            .unwrap();
    }
    let bytes: usize = disk.paths().iter().map(String::len).sum();
    assert!(bytes <= WALK_BYTES_MAX, "{bytes}");
}
